import { testAgainstPytorch } from "./test-golden-tests.js";

testAgainstPytorch();
