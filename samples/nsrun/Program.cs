System.Console.WriteLine("nsrun");
