using System.ComponentModel;
using System.Runtime.CompilerServices;
using NsGen.Calls;

namespace NsGen.CompilerServices;

/// <summary>Where the child finds the body it was started for. Not for use in your own code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ChildEntry
{
    /// <summary>
    /// Called by the module initializer that is generated into each assembly with isolated methods. In an ordinary process it does next to
    /// nothing; in a child started for a method of that assembly it makes the body known, and runs it where there is no start-up hook.
    /// </summary>
    /// <param name="assembly">Simple name of the assembly.</param>
    /// <param name="find">Gives the method that reads the arguments, calls the body and writes the result; null for an unknown id.</param>
    public static void Register(string assembly, Func<string, Action<ChildCall>?> find) => ChildMain.Register(assembly, find);
}
