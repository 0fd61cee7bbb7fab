// Nothing: only the name of the library made of it counts.
