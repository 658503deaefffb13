import { mockNode } from "./server";

const port = Number(process.env.PORT ?? 8090);
mockNode("dist").listen(port, "127.0.0.1", () => console.log(`mock node on http://127.0.0.1:${port}`));
