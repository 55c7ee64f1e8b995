using System.Reflection;
using Xunit;
using Xunit.Abstractions;

namespace NsGen.Xunit;

/// <summary>What a test class wants to be given. xunit has made sure that it has no more than one public constructor.</summary>
internal static class TestConstructor
{
    public static ParameterInfo[] Parameters(Type testClass) => testClass.GetConstructors().SingleOrDefault()?.GetParameters() ?? [];

    public static bool IsOutput(ParameterInfo parameter) => parameter.ParameterType == typeof(ITestOutputHelper);

    /// <summary>Fixtures are objects of the process that runs the tests; a copy in each child would not be what they are for.</summary>
    /// <exception cref="NotSupportedException">The class has one.</exception>
    public static void RefuseFixtures(Type testClass)
    {
        string? fixture = Parameters(testClass).FirstOrDefault(static parameter => !IsOutput(parameter) && !parameter.HasDefaultValue)?.ParameterType.Name
            ?? testClass.GetInterfaces().FirstOrDefault(static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IClassFixture<>))?
                .GenericTypeArguments[0].Name;
        if (fixture is not null)
        {
            throw new NotSupportedException(
                $"The fixture {fixture} lives in the process that runs the tests, and an isolated test runs in one of its own: create what it gives in the "
                + $"constructor of {testClass.Name}, or in IAsyncLifetime.InitializeAsync, or put the test into a class without fixtures.");
        }
    }
}
