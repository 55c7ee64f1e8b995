// nsenter(1) in C#: runs a program in namespaces that exist.

using NsGen;
using NsGen.Samples;
using NsGen.Samples.Nsenter;

var command = new NsenterCommand();
return new Tool("nsenter", lettersTakeValues: true).Invoke(command, args, result =>
{
    (string path, IReadOnlyList<string> arguments) = Tool.Program(result.GetValue(command.Words) ?? []);
    (NamespaceTarget? target, Namespaces kinds) = command.ReadTarget(result);
    using NamespaceTarget? held = target;
    IsolationOptions options = command.ReadOptions(result, kinds);
    options.Target = target;
    return Tool.Run(() => Tool.Start(path, arguments, options));
});
