using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace StreamFlow.Testing.Snapshots;

/// <summary>Types and parameters as C# writes them, nullability shown.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        return Generic(type, type.GetGenericArguments().Select(Of).ToArray());
    }

    public static string Of(PropertyInfo property) => Of(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(FieldInfo field) => Of(field.FieldType, new NullabilityInfoContext().Create(field));

    public static string Of(ParameterInfo parameter)
    {
        var type = Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        if (parameter.Name is null || parameter.Position < 0)
        {
            return (parameter.ParameterType.IsByRef ? "ref " : "") + type;
        }

        var prefix = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) => "params ",
            _ => "",
        };
        return $"{prefix}{type} {parameter.Name}{Default(parameter)}";
    }

    public static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Of(Type type, NullabilityInfo nullability)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is not null || type.IsGenericParameter)
        {
            return Of(type) + (type.IsGenericParameter && nullability.ReadState == NullabilityState.Nullable ? "?" : "");
        }

        var name = type.IsArray && nullability.ElementType is { } element
            ? Of(type.GetElementType()!, element) + "[]"
            : type.IsGenericType && nullability.GenericTypeArguments.Length == type.GetGenericArguments().Length
                ? Generic(type, type.GetGenericArguments().Zip(nullability.GenericTypeArguments, Of).ToArray())
                : Of(type);
        return !type.IsValueType && nullability.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }

    private static string Generic(Type type, string[] arguments)
    {
        var name = type.Name.Split('`')[0];
        var own = arguments;
        if (type is { IsNested: true, IsGenericParameter: false, DeclaringType: { } outer })
        {
            var inherited = outer.GetGenericArguments().Length;
            own = arguments[inherited..];
            name = Generic(outer, arguments[..inherited]) + "." + name;
        }

        return own.Length == 0 ? name : $"{name}<{string.Join(", ", own)}>";
    }

    private static string Default(ParameterInfo parameter) => parameter.HasDefaultValue
        ? " = " + parameter.RawDefaultValue switch
        {
            null => parameter.ParameterType.IsValueType ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        }
        : "";
}
