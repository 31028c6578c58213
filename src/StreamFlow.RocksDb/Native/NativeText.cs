using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace StreamFlow.RocksDb.Native;

/// <summary>Strings across the boundary: UTF-8, zero-terminated, and RocksDB's malloc'ed error messages.</summary>
internal static unsafe class NativeText
{
    /// <summary>The bytes of a text with a closing zero.</summary>
    internal static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>Throws when a call left an error; gives the message back to RocksDB's allocator.</summary>
    internal static void Check(byte* error, string operation, string where)
    {
        if (error is not null)
        {
            Throw(error, operation, where);
        }
    }

    [DoesNotReturn]
    private static void Throw(byte* error, string operation, string where)
    {
        var message = Marshal.PtrToStringUTF8((nint)error) ?? "";
        NativeMethods.rocksdb_free(error);
        throw new RocksDbException(operation, where, message);
    }
}
