"""The inbox: conversations, live, inside the admin. The page of threads mounts its addresses."""
