// The content security policy forbids style attributes: whoever smuggled one into a page could cover it or move things about. Blazor writes them by
// setAttribute, which falls under the policy; the same declarations by way of the object model, from a script of this server, do not.
{
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === 'style' && this.style) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
