// unshare(1) in C#: runs a program in namespaces of its own.

using NsGen;
using NsGen.Samples;
using NsGen.Samples.Nsrun;

var command = new NsrunCommand();
return new Tool("nsrun", lettersTakeValues: false).Invoke(command, args, result =>
{
    (string path, IReadOnlyList<string> arguments) = Tool.Program(result.GetValue(command.Words) ?? []);
    IsolationOptions options = command.ReadOptions(result);
    IReadOnlyList<(Namespaces Kind, string File)> files = command.Namespaces.Files(result);
    return Tool.Run(
        () => files.Count == 0 ? Tool.Start(path, arguments, options) : PinnedStart.Start(path, arguments, options, files),
        passSignals: !command.Forks(result));
});
