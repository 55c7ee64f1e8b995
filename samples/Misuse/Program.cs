System.Console.WriteLine("Misuse");
