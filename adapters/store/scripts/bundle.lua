-- A hash as one string, "<size> <size> ...\n<field><value>...": one element to parse for the client instead of twenty.
local function bundle(fields)
  local sizes = {}
  for i = 1, #fields do sizes[i] = #fields[i] end
  return table.concat(sizes, ' ') .. '\n' .. table.concat(fields)
end

