import { utimesSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { folderOf, write } from "../command.fixture.js";
import { Certificates } from "./certificates.js";

let folder: string;
let certificates: Certificates;

const areAll = (): Promise<boolean> => certificates.areAllThatChanged([folder, folder]);

beforeEach(async () => {
  folder = folderOf({ "cert.pem": "1", "key.pem": "1" });
  certificates = new Certificates(`${folder}/cert.pem`, `${folder}/key.pem`);
  expect(await areAll()).toBe(false);
});

test("a certificate that is there anew is all that has changed, until the workers have read it", async () => {
  write(folder, "cert.pem", "2");
  expect(await areAll()).toBe(true);
  expect(await areAll()).toBe(true);
  certificates.renewed();
  expect(await areAll()).toBe(false);
});

test("what is written in the moment in which the workers have read the last one is a change, too", async () => {
  write(folder, "cert.pem", "2");
  expect(await areAll()).toBe(true);
  certificates.renewed();
  write(folder, "key.pem", "2");
  expect(await areAll()).toBe(true);
});

test("with a file of the application it is not all, and both are known from then on", async () => {
  write(folder, "cert.pem", "2");
  write(folder, "app.mjs", "");
  expect(await areAll()).toBe(false);
  // As if some time had passed since.
  utimesSync(`${folder}/app.mjs`, 1, 1);
  write(folder, "cert.pem", "3");
  expect(await areAll()).toBe(true);
});
