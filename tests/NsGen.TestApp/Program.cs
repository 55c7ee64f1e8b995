using System.Globalization;
using System.Runtime.Versioning;
using NsGen.TestApp;

[assembly: SupportedOSPlatform("linux")]

return args switch
{
    ["true"] => 0,
    ["body", ..] => Bodies.Call(args[1..]),
    ["shell", var namespaces, var script] => Commands.Shell(namespaces, script),
    ["terminal", var init, ..] => Commands.Terminal(init, args[2], args[3..]),
    ["propagation", var directory, var propagation] => Commands.Propagation(directory, propagation),
    ["parent", var namespaces, var kill] => Commands.Parent(namespaces, kill),
    ["parent-of-warm"] => Bodies.ParentOfWarm(),
    ["without", var file] => Failures.Without(file),
    ["parent-of-body"] => Bodies.ParentOfBody(),
    ["fail", var namespaces, var path] => Failures.Fail(namespaces, path),
    ["fail-body"] => Failures.FailBody(),
    ["fail-user"] => Failures.FailUser(),
    ["fail-nproc", var start] => Failures.ProcessLimit(start),
    ["fail-emfile"] => Failures.DescriptorLimit(),
    ["timeout-refused"] => Failures.TimeoutRefused(),
    ["stress", var launches] => StressTest.Run(Number(launches)),
    ["pid1"] => PidOneTest.Run(),
    ["thread"] => ThreadTest.Run(),
    ["starve", var what] => PoolTest.Starve(what),
    ["unobserved"] => PoolTest.Unobserved(),
    ["leaks", var times] => LeakTest.Run(Number(times)),
    ["leaks-twin"] => LeakTest.RunTwin(),
    ["clone-flags", var forget] => KernelTest.CloneFlags(Number(forget)),
    ["facts"] => KernelTest.Facts(),
    ["dumpable-beside"] => DumpableTest.Run(),
    ["dumpable"] => KernelTest.Dumpable(),
    ["trace"] => LeafTest.Trace(),
    ["compile"] => LeafTest.Compile(),
    _ => throw new ArgumentException($"unknown command: {string.Join(' ', args)}"),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
