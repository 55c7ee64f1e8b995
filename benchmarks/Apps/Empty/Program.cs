// The least a .NET program can do: what a managed call is measured against.
return;
