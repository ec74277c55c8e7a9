"""What people see. Plain data goes in, text comes out; nothing here reads the database or the settings.

What a server has to answer for the map page to work:

    /                   maps.render(view)               text/html
    /map.js             maps.script(view)               text/javascript   (folium's part of the page)
    /tokens.css         tokens.stylesheet()             text/css
    /i18n/{lang}.json   i18n.catalogue(lang)            application/json
    /static/…           the folder web/static           files of our own
    /vendor/…           the folder web/vendor           files from npm packages, see web.assets
"""
