package airlock.vm;

/// A VM's hardware, and the files that it boots from. VMs of the same model share a template.
public record VmModel(BootFiles boot, VmShape shape) {}
