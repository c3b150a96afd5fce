"""Every module of the framework has its test file, or a line here that says which covers it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE, TESTS = ROOT / "src" / "uphold", ROOT / "tests"

# Module (or folder) to the test that covers it, both as paths below src/uphold and below tests.
COVERED = {
    "__main__.py": "uphold/test_cli.py",
    "training/company.py": "studies/calls/training/test_plan.py",
    "training/program.py": "uphold/training/test_stack.py",
    "training/stacked_run.py": "uphold/training/test_stack.py",
    "analysis/judged.py": "uphold/runlog/test_report.py",
    "analysis/kept_log.py": "uphold/pages/test_guide.py",
    "analysis/larger.py": "uphold/pages/test_larger.py",
    "analysis/model": "uphold/analysis/test_model.py",
    "archive/decide.py": "uphold/archive/test_archive.py",
    "archive/finding.py": "uphold/archive/test_archived_facts.py",
    "audits/repeats.py": "uphold/audits/test_replication.py",
    "calibration/case.py": "uphold/calibration/test_rates.py",
    "audits/tested.py": "uphold/audits/test_confounding.py",
    "claims/claim.py": "uphold/claims/forms/test_new_form.py",
    "claims/role.py": "uphold/claims/test_verdicts.py",
    "claims/forms": "uphold/claims/forms/test_forms.py",
    "claims/judgement.py": "uphold/claims/test_judge.py",
    "claims/levels.py": "uphold/claims/test_spec.py",
    "claims/linear.py": "uphold/claims/test_judge.py",
    "claims/metric.py": "uphold/claims/test_spec.py",
    "claims/log.py": "uphold/runlog/test_make_log.py",
    "claims/published.py": "uphold/claims/test_spec.py",
    "claims/standing.py": "uphold/claims/test_registration.py",
    "claims/not_run.py": "uphold/claims/test_degenerate.py",
    "claims/outcomes.py": "uphold/claims/test_verdicts.py",
    "claims/untestable.py": "uphold/claims/test_degenerate.py",
    "orphans.py": "uphold/calibration/test_parts.py",
    "cli/analyze.py": "test_pipeline.py",
    "cli/audit.py": "uphold/test_core.py",
    "cli/check.py": "test_pipeline.py",
    "cli/code.py": "test_pipeline.py",
    "cli/evaluate.py": "test_pipeline.py",
    "cli/export.py": "uphold/pipeline/stages/test_export.py",
    "cli/init.py": "uphold/scaffold/test_repository.py",
    "cli/journal.py": "uphold/test_cli.py",
    "cli/new.py": "uphold/scaffold/test_lay_out.py",
    "cli/predict.py": "uphold/pipeline/stages/test_export.py",
    "cli/prepare.py": "test_pipeline.py",
    "cli/propose.py": "uphold/test_core.py",
    "cli/register.py": "test_pipeline.py",
    "cli/render.py": "test_pipeline.py",
    "cli/sweep.py": "uphold/scaffold/test_own_sweep.py",
    "cli/report.py": "uphold/test_core.py",
    "cli/train.py": "uphold/test_cli.py",
    "command/process.py": "uphold/command/test_training.py",
    "command/results.py": "uphold/command/test_training.py",
    "command/study.py": "uphold/scaffold/test_own_command.py",
    "command/tracked.py": "uphold/command/test_training.py",
    "comparison/declared.py": "uphold/comparison/test_revisions.py",
    "comparison/machines.py": "uphold/comparison/test_markdown.py",
    "comparison/reasons.py": "uphold/comparison/test_markdown.py",
    "comparison/run_logs.py": "uphold/comparison/test_sources.py",
    "comparison/shown.py": "uphold/comparison/test_markdown.py",
    "disk.py": "faults/test_campaign.py",
    "error_rates.py": "uphold/claims/test_calibration.py",
    "errors.py": "uphold/test_validation.py",
    "pages/arms.py": "studies/radio/page/test_steps.py",
    "pages/calibration": "uphold/pages/test_calibration.py",
    "pages/drawing.py": "uphold/pages/test_pages.py",
    "pages/figures.py": "uphold/pages/test_pages.py",
    "pages/log": "uphold/runlog/test_report.py",
    "pages/say.py": "uphold/pages/test_pages.py",
    "pages/writeup.py": "uphold/pages/test_pages.py",
    "pipeline/check.py": "uphold/pipeline/test_params.py",
    "pipeline/code_annotations.py": "uphold/pipeline/test_code_digest.py",
    "pipeline/code_effects.py": "uphold/pipeline/test_code_digest.py",
    "pipeline/code_modules.py": "uphold/pipeline/test_code_digest.py",
    "pipeline/code_text.py": "uphold/pipeline/test_code_digest.py",
    "pipeline/exported.py": "uphold/pipeline/stages/test_export.py",
    "pipeline/inputs.py": "studies/radio/test_prediction.py",
    "pipeline/judged.py": "uphold/pipeline/test_params.py",
    "pipeline/stages/scored.py": "uphold/pipeline/stages/test_evaluate.py",
    "pipeline/stages/paths.py": "uphold/pipeline/stages/test_evaluate.py",
    "pipeline/stages/published_runs.py": "uphold/pipeline/stages/test_train.py",
    "pipeline/locks.py": "uphold/pipeline/test_journal.py",
    "pipeline/run_files.py": "uphold/pipeline/test_journal.py",
    "pipeline/run_named.py": "uphold/pipeline/stages/test_export.py",
    "pipeline/study.py": "contract/test_contract.py",
    "pipeline/searches.py": "uphold/pipeline/test_params.py",
    "pipeline/sweeps.py": "uphold/pipeline/test_params.py",
    "randomness.py": "uphold/training/test_dropout.py",
    "rendering/callouts.py": "uphold/rendering/test_rendered.py",
    "rendering/embedded.py": "uphold/rendering/test_rendered.py",
    "rendering/entries.py": "uphold/rendering/test_document.py",
    "rendering/html.py": "uphold/rendering/test_rendered.py",
    "rendering/interpreter.py": "uphold/rendering/test_execution.py",
    "pipeline/stage_forks.py": "uphold/pipeline/test_stage_processes.py",
    "rendering/kernel.py": "uphold/rendering/test_execution.py",
    "rendering/labels.py": "uphold/rendering/test_checks.py",
    "rendering/outputs.py": "uphold/rendering/test_rendered.py",
    "rendering/page.py": "uphold/rendering/test_rendered.py",
    "rendering/pandoc.py": "uphold/rendering/test_tables.py",
    "rendering/project.py": "uphold/rendering/test_rendered.py",
    "rendering/results.py": "uphold/rendering/test_rendered.py",
    "rendering/skeleton.py": "uphold/rendering/test_lint.py",
    "rendering/tree.py": "uphold/rendering/test_tables.py",
    "rendering/vocabulary.py": "uphold/rendering/test_checks.py",
    "runlog/columns.py": "uphold/runlog/test_propose.py",
    "runlog/importers/mlflow_database.py": "uphold/runlog/importers/test_mlflow_runs.py",
    "runlog/importers/mlflow_files.py": "uphold/runlog/importers/test_mlflow_runs.py",
    "runlog/importers/mlflow_store.py": "uphold/runlog/importers/test_mlflow_runs.py",
    "runlog/importers/optuna_database.py": "uphold/runlog/importers/test_optuna_runs.py",
    "runlog/importers/optuna_journal.py": "uphold/runlog/importers/test_optuna_runs.py",
    "runlog/importers/optuna_trials.py": "uphold/runlog/importers/test_optuna_runs.py",
    "runlog/parquet.py": "uphold/runlog/test_tables.py",
    "runlog/proposed_metrics.py": "uphold/runlog/test_propose.py",
    "runlog/proposed_rows.py": "uphold/runlog/test_propose.py",
    "run_states.py": "uphold/audits/test_unfinished.py",
    "runlog/read.py": "uphold/runlog/test_make_log.py",
    "runlog/rows.py": "uphold/runlog/test_plan.py",
    "scaffold/command": "uphold/scaffold/test_own_command.py",
    "scaffold/study": "uphold/scaffold/test_lay_out.py",
    "splits.py": "studies/multitask/data/test_synthetic.py",
    "statistics/block_anova.py": "uphold/statistics/test_oneway.py",
    "pipeline/trials.py": "uphold/pipeline/stages/test_search.py",
    "testing/contract.py": "contract/test_contract.py",
    "testing/interruption.py": "uphold/training/test_resuming.py",
    "training/attempts.py": "uphold/training/test_lanes.py",
    "training/contract.py": "uphold/training/test_lanes.py",
    "training/executors/fitting.py": "uphold/training/executors/test_local.py",
    "training/executors/seam.py": "uphold/training/executors/test_contract.py",
    "training/initial.py": "uphold/training/test_networks.py",
    "training/workers.py": "uphold/training/test_lanes.py",
}


def mirrored(module: Path) -> bool:
    path = module.relative_to(SOURCE)
    return (TESTS / "uphold" / path.parent / f"test_{path.name}").is_file()


def entry(module: Path) -> str | None:
    """Return the line that a module has here: its own, or that of a folder that it is in."""
    path = module.relative_to(SOURCE)
    names = (path.as_posix(), *(folder.as_posix() for folder in path.parents))
    return next((name for name in names if name in COVERED), None)


MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if path.name != "__init__.py"]
MODULES = [path for path in MODULES if SOURCE / "scaffold" / "template" not in path.parents]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_has_its_test_or_a_line(module):
    assert mirrored(module) or entry(module), "give it a test file, or a line in COVERED"


@pytest.mark.parametrize(("name", "test"), COVERED.items())
def test_a_line_is_needed_and_leads_somewhere(name, test):
    assert (TESTS / test).is_file()
    place = SOURCE / name
    modules = [place] if place.is_file() else list(place.rglob("*.py"))
    assert modules and not all(mirrored(path) for path in modules if path.name != "__init__.py")
