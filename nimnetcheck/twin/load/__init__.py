"""A capture into a twin, each part by the tool that it belongs to; what is refused is named."""
