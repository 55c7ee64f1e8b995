using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// The last step. Where the root is a new one, only the child sees what PATH leads to there, through the root's own links and mounts: so
/// it tries one directory after the other itself, as execvp(3) does.
/// </summary>
internal static unsafe class ExecSteps
{
    public static void Add(ChildScript script, LaunchPlan plan)
    {
        nint arguments = script.Utf8Array(plan.Arguments);
        nint environment = script.Environment(plan.Environment);
        foreach (string candidate in plan.Candidates)
        {
            // That it is not there is no failure yet.
            script.Add(LaunchStep.Exec, $"execve {candidate}", SyscallNumbers.Execve, script.Utf8(candidate), arguments, environment)->Limit = nuint.MaxValue;
        }

        script.Add(LaunchStep.Exec, $"execve {plan.FileName}", SyscallNumbers.Execve, script.Utf8(plan.FileName), arguments, environment);
    }
}
