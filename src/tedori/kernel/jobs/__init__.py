"""Work that takes longer than a page: waiting, leased to a worker, shown while it goes on."""
