using System.Runtime.InteropServices;

namespace StreamFlow.Core.Compression;

/// <summary>A codec's native context. Contexts are kept one a thread, because making one costs more than a small batch.</summary>
internal sealed class NativeContext(nint context, Action<nint> free) : SafeHandle(0, ownsHandle: true)
{
    public nint Context { get; } = context;

    public override bool IsInvalid => Context == 0;

    protected override bool ReleaseHandle()
    {
        free(Context);
        return true;
    }
}
