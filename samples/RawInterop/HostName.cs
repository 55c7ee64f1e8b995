using System.Text;
using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>unshare(2) and sethostname(2): a host name of its own.</summary>
internal static unsafe partial class HostName
{
    public static Task<string> ReadRawAsync(string name) => Task.Run(() =>
    {
        // NSG106: if it is refused, which it is to everybody but root, the next line renames the machine.
        // NSG204: a thread of the pool, which keeps the name for whatever it runs next.
        unshare(CLONE_NEWUTS);
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        fixed (byte* first = bytes)
        {
            _ = sethostname(first, bytes.Length);
        }

        return Environment.MachineName;
    });

    /// <summary>Nothing of the caller's changes, whatever fails.</summary>
    [Isolated(Uts, HostName = "container", UserIfNeeded = true)]
    public static partial string Read();

    private static string ReadCore() => Environment.MachineName;
}
