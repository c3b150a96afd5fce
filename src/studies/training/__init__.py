"""What training takes, one idea a module, for every study.

==================  ================================================================
`devices`           where to train, and how many processes
`lanes`             many runs at once: lanes on worker processes or on a GPU
`dense`             stacks of dense networks with gradients by hand
`adam`              Adam and AdamW over a stack, a learning rate a network
`losses`            losses and their slopes in the logits
`schedules`         the learning rate of every epoch
`sampling`          balancing and upsampling of a training set
`mixup`             partners and weights, and the mixing itself
`smoothing`         label smoothing
`dropout`           masks from raw random bytes
`stopping`          early stopping
==================  ================================================================

Nothing here knows a study or touches the disk. Every random number comes from a generator that the
caller made for its run and purpose.
"""
