"""What has to be looked up before something is done about suppliers, and before somebody acts for one."""
