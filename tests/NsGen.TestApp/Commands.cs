using System.Runtime.InteropServices;

namespace NsGen.TestApp;

/// <summary>Small commands of one launch each.</summary>
internal static class Commands
{
    /// <summary>Runs a line of sh(1) in namespaces named as in the enum, and ends as it does.</summary>
    public static int Shell(string namespaces, string script)
    {
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", script], new() { Namespaces = Enum.Parse<Namespaces>(namespaces) });
        return child.WaitForExit().ExitCode;
    }

    /// <summary>Runs a program at this process's terminal, and does not end by its Ctrl-C, as a shell would not.</summary>
    public static int Terminal(string init, string program, string[] arguments)
    {
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using var child = IsolatedProcess.Start(program, arguments, new() { Namespaces = Caller.May(Pid | Mount), Init = bool.Parse(init) });
        int exitCode = child.WaitForExit().ExitCode;
        Console.WriteLine($"the program ended with {exitCode}");
        return exitCode;
    }

    /// <summary>Starts a child that lives for long, says its number, and waits to be killed.</summary>
    public static int Parent(string namespaces, string kill)
    {
        Namespaces asked = Enum.Parse<Namespaces>(namespaces);
        var options = new IsolationOptions
        {
            Namespaces = asked == None ? None : Caller.May(asked),
            KillOnParentExit = bool.Parse(kill),
            StandardOutput = Redirection.Null,
        };
        using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], options);
        Console.WriteLine(child.Id);
        child.WaitForExit();
        return 0;
    }

    /// <summary>
    /// Makes a shared mount, launches a child with a propagation, mounts once out here and once in there, and says what is seen on the
    /// other side. Runs in a mount namespace of its own.
    /// </summary>
    public static int Propagation(string directory, string propagation)
    {
        const string makeShared = "mount -t tmpfs shared \"$0\" && mount --make-shared \"$0\" && mkdir \"$0/outer\" \"$0/inner\"";
        Expect(IsolatedProcess.Start("/bin/sh", ["-c", makeShared, directory]));

        var options = new IsolationOptions
        {
            Namespaces = Mount,
            Propagation = Enum.Parse<MountPropagation>(propagation),
            StandardInput = Redirection.Pipe,
            StandardOutput = Redirection.Pipe,
        };
        const string inside = "read line; test -e \"$0/outer/file\" && echo True || echo False; mount -t tmpfs inner \"$0/inner\" && touch \"$0/inner/file\"; echo done; read line";
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", inside, directory], options);
        Expect(IsolatedProcess.Start("/bin/sh", ["-c", "mount -t tmpfs outer \"$0/outer\" && touch \"$0/outer/file\"", directory]));
        child.StandardInput.WriteLine();
        string inwards = child.StandardOutput.ReadLine()!;
        child.StandardOutput.ReadLine();
        Console.WriteLine($"inwards {inwards}, outwards {File.Exists(Path.Combine(directory, "inner", "file"))}");
        child.StandardInput.WriteLine();
        return child.WaitForExit().ExitCode;
    }

    private static void Expect(IsolatedProcess process)
    {
        using (process)
        {
            ExitStatus status = process.WaitForExit();
            if (!status.IsSuccess)
            {
                throw new InvalidOperationException($"the preparation ended with {status}");
            }
        }
    }
}
