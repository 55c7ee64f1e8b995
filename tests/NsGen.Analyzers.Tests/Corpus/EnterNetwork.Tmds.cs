// Runs an action in a network namespace that ip-netns(8) made, on a thread that ends afterwards.
using Tmds.Linux;
using static Tmds.Linux.LibC;

public static unsafe class NetworkNamespace
{
    public static void Run(string name, Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter(name);
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static void Enter(string name)
    {
        byte[] path = System.Text.Encoding.UTF8.GetBytes($"/run/netns/{name}\0");
        fixed (byte* p = path)
        {
            int fd = open(p, O_RDONLY | O_CLOEXEC);
            if (fd < 0)
            {
                throw new Win32Exception(errno);
            }

            try
            {
                if (setns(fd, CLONE_NEWNET) != 0)
                {
                    throw new Win32Exception(errno);
                }
            }
            finally
            {
                close(fd);
            }
        }
    }
}
