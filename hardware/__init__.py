"""The thing itself, as data: how it is wired (`pins.toml`, which the firmware reads), what it is made of, its case."""
