"""Where lanes are trained: on this machine, or on others.

==============  ====================================================================
`seam`          what training asks of an executor: how many lanes at once, submit,
                as completed
`settings`      the block ``executor`` of ``params.yaml``, and the executor it means
`local`         worker processes of this machine, or this process
`fitting`       what of a machine a run takes, and how many runs fit
`elsewhere`     what a worker on another machine does with a lane
`ray`           a task a lane on a Ray cluster
`slurm`         an array task a lane on a Slurm cluster
==============  ====================================================================

Studies do not know where they run, and where they ran changes no run key. Only the process that
holds a sweep's lock writes the journal: workers return results.
"""
