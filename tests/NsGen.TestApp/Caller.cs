namespace NsGen.TestApp;

/// <summary>Options with which whoever runs this may create namespaces.</summary>
internal static class Caller
{
    /// <summary>The namespaces, and a user namespace for anybody but root.</summary>
    public static Namespaces May(Namespaces namespaces) => Environment.IsPrivilegedProcess ? namespaces : namespaces | User;

    /// <summary>Adds a user namespace for anybody but root.</summary>
    public static IsolationOptions Options(IsolationOptions options, Namespaces namespaces = Uts | Pid)
    {
        options.Namespaces = May(options.Namespaces ?? namespaces);
        return options;
    }
}
