"""Who keeps the wire's bytes: one raw server, many awkward answers, every archiver judged by the same judge."""
