using System.CommandLine;

namespace NsGen.Samples;

/// <summary>Options as getopt_long(3) knows them: without a value, with one, and with one that may be left out.</summary>
internal static class Make
{
    public static Option<bool> Flag(string name, string description) => new(Names(name)[0], Names(name)[1..])
    {
        Arity = ArgumentArity.Zero,
        Description = description,
    };

    /// <typeparam name="T">string?, or long: what the value is read as.</typeparam>
    /// <param name="name">The option's name, and its letter: "--root, -R".</param>
    /// <param name="value">What help calls the value.</param>
    /// <param name="description">What help says.</param>
    public static Option<T> Value<T>(string name, string value, string description) => new(Names(name)[0], Names(name)[1..])
    {
        HelpName = value,
        Description = description,
    };

    public static Option<string?> OptionalValue(string name, string value, string description) => new(Names(name)[0], Names(name)[1..])
    {
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = value,
        Description = description,
    };

    /// <summary>The program and its arguments.</summary>
    public static Argument<string[]> Words() => new("program")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "the program and its arguments; $SHELL by default",
    };

    private static string[] Names(string names) => names.Split(", ");
}
