namespace NsGen.Samples.Tests;

public sealed class ParallelIntegrationTestsTests
{
    [KernelTheory]
    [Callers]
    public void All_pass_as_the_readme_shows(Caller caller)
    {
        Finished finished = Sample.RunTests(caller, "ParallelIntegrationTests");
        string[] shown = File.ReadAllLines(Path.Combine(Repository.Root, "samples", "ParallelIntegrationTests", "README.md"));
        string summary = shown.Single(static line => line.StartsWith("Passed!", StringComparison.Ordinal));
        Assert.Contains(summary, finished.Output, StringComparison.Ordinal);
        Assert.True(finished.Status.IsSuccess, finished.Output + finished.Error);
    }
}
