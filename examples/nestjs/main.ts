import "reflect-metadata";
import { pathToFileURL } from "node:url";
import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  type INestApplication,
  Inject,
  Injectable,
  Module,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { type Attached, attach } from "@ws/server";

@Injectable()
export class Greeter {
  greet(name: string): string {
    return `Hello ${name}`;
  }
}

@Controller()
class Pages {
  @Inject(Greeter)
  private readonly greeter!: Greeter;

  @Get()
  page(): string {
    return this.greeter.greet("page");
  }
}

/** Ends the sockets when Nest ends, before it waits for its connections. */
@Injectable()
class Sockets implements BeforeApplicationShutdown {
  attached: Attached | undefined;

  async beforeApplicationShutdown(): Promise<void> {
    await this.attached?.close();
  }
}

@Module({ controllers: [Pages], providers: [Greeter, Sockets] })
class AppModule {}

/** A Nest application whose views use its services. */
export async function start(port: number): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule, { logger: ["error"] });
  const greeter = app.get(Greeter);
  const routes = createRouter([
    websocket("/live/<slug:name>/", async (socket, { name }) => {
      await socket.accept();
      await socket.sendText(greeter.greet(name));
      for await (const text of socket.text()) await socket.sendText(greeter.greet(text));
    }),
  ]);
  const attached = attach(app.getHttpServer(), websockets(routes)(), { paths: ["/live/"] });
  app.get(Sockets).attached = attached;
  await attached.ready;
  await app.listen(port, "127.0.0.1");
  return app;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const app = await start(Number(process.env["PORT"] ?? 8000));
  process.once("SIGTERM", () => void app.close());
  process.stdout.write(`Open ${await app.getUrl()}\n`);
}
