using System.Runtime.CompilerServices;
using NsGen.Confinement;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.TestApp;

/// <summary>What is looked at from outside: the machine code of the child's method, and the system calls it makes.</summary>
internal static unsafe class LeafTest
{
    /// <summary>The options whose script is compared with what strace sees: every kind of step that needs no privilege.</summary>
    public static int Trace()
    {
        using var nothing = File.OpenHandle("/dev/null");
        var options = new IsolationOptions
        {
            Namespaces = All,
            HostName = "container",
            DomainName = "example.org",
            MonotonicOffsetSeconds = 1,
            WorkingDirectory = "/",
            NewSession = true,
            NoNewPrivileges = true,
            StandardOutput = Redirection.Null,
        };
        options.InheritedHandles.Add(nothing);

        LaunchPlan plan = LaunchPlan.Create(
            options, "/bin/true", ["/bin/true"], options.EnvironmentBlock, LibC.GetEffectiveUserId(), LibC.GetEffectiveGroupId());
        using var descriptors = new ChildDescriptors(options);
        using var reserved = new ReservedDescriptors();
        using var script = new ChildScript();
        ChildScriptBuilder.Build(script, plan, descriptors.Numbers, 0, gate: null, cgroup: null, init: null, reserved);
        foreach ((nint number, string name) in script.StepNumbers.Zip(script.StepNames))
        {
            Console.WriteLine($"{number} {name}");
        }

        using var child = IsolatedProcess.Start("/bin/true", [], options);
        return child.WaitForExit().ExitCode;
    }

    /// <summary>Has the JIT compile the child's method and its twin.</summary>
    public static int Compile()
    {
        using var child = IsolatedProcess.Start("/bin/true", []);
        ChildState state = default;
        return child.WaitForExit().ExitCode + BrokenInterpreter.Run(&state);
    }

    /// <summary>As ChildInterpreter, but for one line that allocates.</summary>
    private static class BrokenInterpreter
    {
        private static object? s_last;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static int Run(void* shared)
        {
            var state = (ChildState*)shared;
            s_last = new object();
            return state->Failed;
        }
    }
}
