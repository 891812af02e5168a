"""Files as Meta keeps them: which kinds it takes, where they lie, how their URLs die."""
