[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

System.Console.WriteLine(Library.HostNames.Inside());
