"""What training takes, one idea a module, for every study.

==================  ================================================================
`devices`           where to train, and how many processes
`lanes`             many runs at once: lanes on worker processes or on a GPU
`dense`             stacks of dense networks with gradients by hand
`adam`              Adam and AdamW over a stack, a learning rate a network
`networks`          one network by automatic differentiation: epochs, the best one
`initial`           first weights, each from the seed and its own name
`losses`            losses of sigmoid outputs and their slopes in the logits
`softmax`           losses of softmax outputs, weights of classes
`schedules`         the learning rate of every epoch
`sampling`          balancing and upsampling of a training set, batches
`mixup`             partners and weights, and the mixing itself
`smoothing`         label smoothing
`specaugment`       blanked bands and stretches of spectrograms
`dropout`           masks from raw random bytes
`stopping`          early stopping
==================  ================================================================

Nothing here knows a study or touches the disk. Every random number comes from a generator that the
caller made for its run and purpose.
"""
