// Loaded before the playground: whatever listens does so on loopback alone. By itself it takes every interface.
const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const [first] = given;
  if (typeof first === "number" || /^\d+$/.test(String(first))) {
    if (typeof given[1] === "string") given[1] = "127.0.0.1";
    else given.splice(1, 0, "127.0.0.1");
  } else if (first && typeof first === "object" && "port" in first) {
    given[0] = { ...first, host: "127.0.0.1" };
  }
  return listen.apply(this, given);
};
