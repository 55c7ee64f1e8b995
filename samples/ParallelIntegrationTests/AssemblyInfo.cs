using System.Runtime.Versioning;
using Xunit;

[assembly: SupportedOSPlatform("linux")]

// xunit runs as many tests at a time as there are processors. These mostly wait for processes of their own: eight may wait at a time.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
