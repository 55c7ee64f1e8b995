System.Console.WriteLine("RawInterop");
