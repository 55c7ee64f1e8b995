System.Console.WriteLine("NamespaceTour");
