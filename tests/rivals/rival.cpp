// Of two libraries of one name, either.
int rival_answer() {
  return 42;
}
