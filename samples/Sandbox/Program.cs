// An untrusted converter in a sandbox: first one that does its work, then what others try.

using System.Net;
using System.Net.Sockets;

string directory = Directory.CreateTempSubdirectory("conversion-").FullName;
string input = Path.Combine(directory, "input.txt");
string output = Path.Combine(directory, "output.txt");
string secret = Path.Combine(directory, "secret.txt");
File.WriteAllText(input, "hello, world");
File.WriteAllText(secret, "the key is under the mat");
Environment.SetEnvironmentVariable("API_KEY", "0815");
using var service = new TcpListener(IPAddress.Loopback, 0);
service.Start(); // something that only this machine may reach
int port = ((IPEndPoint)service.LocalEndpoint).Port;

try
{
    Convert("converts", "tr a-z A-Z");
    Convert("calls a local service", $"echo GET / > /dev/tcp/127.0.0.1/{port}");
    Convert("calls the internet", "echo GET / > /dev/tcp/192.0.2.1/80");
    Convert("replaces a program", "echo evil > /usr/bin/ls");
    Convert("reads a secret file", $"cat {secret}");
    Convert("reads a secret variable", "echo ${API_KEY:?is not set}");
    Convert("looks at processes", "set -- /proc/[0-9]*; echo $# of them");
    Convert("kills all it sees", "kill -KILL -1");
    Convert("mounts", "mount -t tmpfs none /tmp");
    Convert("starts 100 processes", "for i in {1..100}; do sleep 60 & done; wait", seconds: 3);
    Convert("takes all memory", "tail /dev/zero");
    Convert("fills the disk", "cat /dev/zero");
    Convert("fills /tmp", "for i in {1..100}; do head -c 1M /dev/zero > /tmp/$i || exit 1; done");
    Convert("computes for ever", "while :; do :; done");
    Convert("sleeps for ever", "sleep infinity", seconds: 3);
    Convert("leaves a process behind", "sleep infinity & echo gone with the sandbox");
}
finally
{
    Directory.Delete(directory, recursive: true);
}

void Convert(string what, string script, int seconds = 60)
{
    string outcome;
    try
    {
        Converter.Run(input, output, TimeSpan.FromSeconds(seconds), "bash", "-c", script);
        outcome = $"\"{File.ReadAllText(output).TrimEnd()}\"";
    }
    catch (ConversionException e)
    {
        outcome = e.Message;
    }

    Console.WriteLine($"{what,-24} {outcome}");
}
