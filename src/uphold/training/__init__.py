"""What training takes, one idea a module, for every study.

==================  ================================================================
`devices`           where to train, and how many processes
`division`          runs into lanes, the longest first
`lanes`             many runs at once: lanes on an executor
`executors`         where lanes are trained: worker processes, a GPU, Ray, Slurm
`arithmetic`        what data are loaded and lanes trained under: one thread
`networks`          one network by automatic differentiation: epochs, the best one
`channels_last`     the order in memory of images, where it is safe
`side_by_side`      networks of one shape as one network
`stack`             runs of one shape trained together, and each one's own record
`stacked_run`       one run of a stack
`stacked_adam`      Adam over a stack, each network at its own rate
`company`           how many runs a GPU trains together
`rowwise`           functions whose bits do not depend on an element's place
`kept_memory`       memory that a step has freed is kept for the next
`initial`           first weights, each from the seed and its own name
`softmax`           losses of softmax outputs, weights of classes
`schedules`         the learning rate of every epoch
`sampling`          which rows an epoch meets, cut into batches
`mixup`             partners and weights, and the mixing itself
`smoothing`         label smoothing
`dropout`           masks from raw random bytes
`stopping`          early stopping
==================  ================================================================

Nothing here knows a study or touches the disk. Every random number comes from a generator that the
caller made for its run and purpose.
"""
