namespace NsGen.Tests;

/// <summary>A process to join; an unprivileged caller's is in a user namespace, which has to be joined with it.</summary>
internal sealed class Target : IDisposable
{
    public Target(Namespaces namespaces, IsolationOptions? options = null)
    {
        User = Requirements.IsRoot && !namespaces.HasFlag(Namespaces.User) ? Namespaces.None : Namespaces.User;
        options ??= new();
        options.Namespaces = namespaces | User;
        Process = IsolatedProcess.Start("/bin/sleep", ["1000"], options);
        Value = NamespaceTarget.FromProcess(Process);
    }

    public Namespaces User { get; }

    public IsolatedProcess Process { get; }

    public NamespaceTarget Value { get; }

    public void Dispose()
    {
        Value.Dispose();
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }
}
