// Allocation is measured by the process, so one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
