System.Console.WriteLine("nsenter");
