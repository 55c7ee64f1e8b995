System.Console.WriteLine("Sandbox");
