// Each file has a task twice: as calls of libc, the way they are found in programs, and as NsGen does it. The calls of libc are there to
// be read; what is wrong with them is said beside them. This runs the other halves.

using System.Runtime.Versioning;
using RawInterop;

[assembly: SupportedOSPlatform("linux")]

Console.WriteLine($"a child process: {CloneAChild.Add(40, 2)}");
Console.WriteLine($"host name in the child: {HostName.Read()}");
Console.WriteLine($"pid in the child: {ProcessIds.ReadPid()}");
Console.WriteLine($"user in the child: {UserIds.ReadUser()}");
Console.WriteLine($"/var/tmp in the child: {PrivateMounts.ReadFormat()}");
Console.WriteLine($"host name of another child: {JoinAProcess.ReadHostNameOfAnother()}");
Console.WriteLine($"its network namespace is ours: {NamespaceFiles.SharesNetworkWithAnother()}");
