#!/usr/bin/env bash
# What it costs to ask whether anything is out of date: `dvc status` and a `dvc repro` that has
# nothing to do, beside a bare DVC project of as many stages (one file in, one file out, no params).
#
#     bench/noop.sh [ROUNDS]     in a repository whose pipeline is up to date (after `make`)
#
# Prints the shortest of the rounds, in seconds of wall clock and of processor.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}

# Run a command ROUNDS times; print its shortest wall-clock time and that round's processor time.
shortest() {
    local TIMEFORMAT='%R %U %S'
    for _ in $(seq "$rounds"); do
        { time "$@" > /dev/null 2>&1; } 2>&1
    done | sort -n | awk 'NR == 1 { printf "%6.2f s (processor %.2f s)\n", $1, $2 + $3 }'
}

stages=$(dvc stage list --name-only | wc -l)
stale=$(dvc repro --dry 2> /dev/null | grep "^Running stage" | grep -v ":register'" || true)
if [ -n "$stale" ]; then
    printf 'Not up to date, so that this would run the pipeline (make first):\n%s\n' "$stale" >&2
    exit 1
fi

bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
(
    cd "$bare"
    dvc init --no-scm --quiet
    dvc config core.analytics false
    {
        echo "stages:"
        for i in $(seq "$stages"); do
            echo "$i" > "in$i"
            printf '  s%s:\n    cmd: cp in%s out%s\n' "$i" "$i" "$i"
            printf '    deps: [in%s]\n    outs: [out%s]\n' "$i" "$i"
        done
    } > dvc.yaml
    dvc repro --quiet
)

echo "$stages stages, shortest of $rounds rounds"
for command in status repro; do
    printf 'dvc %-6s here %s\n' "$command" "$(shortest dvc "$command")"
    printf 'dvc %-6s bare %s\n' "$command" "$(cd "$bare" && shortest dvc "$command")"
done
