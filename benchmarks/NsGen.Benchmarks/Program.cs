using System.Runtime.Versioning;
using NsGen.Benchmarks;

[assembly: SupportedOSPlatform("linux")]

if (args is [LaunchWorker.Switch, ..])
{
    LaunchWorker.Run(args.AsSpan(1));
    return 0;
}

if (args is [CompileWorker.Switch, var use, var files])
{
    CompileWorker.Run(Enum.Parse<NsGenUse>(use), int.Parse(files, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

if (args is [KeystrokeWorker.Switch])
{
    KeystrokeWorker.Run();
    return 0;
}

Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(Options.Help);
    return 0;
}

Console.WriteLine($"{Machine.Describe()}\n");
bool missed = false;
try
{
    foreach (string suite in options.Suites)
    {
        missed |= !Measure(suite);
    }
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message); // no compiler, no memory, no root: the message says
    return 2;
}

Console.WriteLine($"Load at the end: {Machine.Load()}");
return missed && options.Check ? 1 : 0;

// A target counts as missed only where it is missed every time: one measurement may have met a neighbour's worst minute.
bool Measure(string suite)
{
    const int attempts = 3;
    for (int attempt = 1; ; attempt++)
    {
        IReadOnlyList<Target> targets = RunSuite(suite);
        if (options.Quick || targets.Count == 0)
        {
            return true;
        }

        Target.Print(targets);
        if (!targets.Any(static target => target.IsMissed))
        {
            return true;
        }

        if (!options.Check || attempt == attempts)
        {
            return false;
        }
    }
}

IReadOnlyList<Target> RunSuite(string suite)
{
    switch (suite)
    {
        case "launch":
            return LaunchSuite.Run(options);
        case "warm":
            return WarmSuite.Run(options);
        case "call":
            return CallSuite.Run(options, AppKind.Jit);
        case "readytorun":
            return CallSuite.Run(options, AppKind.ReadyToRun);
        case "native":
            return CallSuite.Run(options, AppKind.Native);
        case "analyzers":
            return AnalyzerSuite.Run(options);
        case "generator":
            GeneratorSuite.Run(options);
            return [];
        case "options":
            return OptionSuite.Run(options);
        case "threads":
            return ThreadSuite.Run(options);
        case "descriptors":
            DescriptorSuite.Run(options);
            return [];
        default:
            NamespaceSuite.Run(options);
            return [];
    }
}
