import type { ReactNode } from "react";
import { Echo } from "./echo";

export default function Page(): ReactNode {
  return (
    <main>
      <h1>A page by Next.js</h1>
      <Echo />
    </main>
  );
}
