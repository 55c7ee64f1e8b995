System.Console.WriteLine("MiniContainer");
