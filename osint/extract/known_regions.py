"""Regions that go by a bare name in English-language reports: "in Helmand", "in Texas".

Only names that are not, or far less often, those of a town: a market in a town says nothing of the
area, so that a bare "Kandahar" has to stay what it mostly is.
"""

from __future__ import annotations

REGIONS = frozenset(
    name.strip()
    for line in (
        "Kurdistan, Crimea, Sinai, Darfur, Donbas, Donbass, Kashmir, Tigray, Gaza Strip, West Bank",
        "Golan Heights, Sahel, Sahara, Balochistan, Baluchistan, Chechnya, Transnistria",
        "Nagorno-Karabakh, Karabakh, Abkhazia, South Ossetia, Waziristan, Xinjiang, Tibet",
        "Kordofan, Kivu, Somaliland, Puntland, Catalonia, Siberia, Bavaria, Scotland, Wales",
        "Texas, California, Alaska, Florida, Arizona, Nevada, Utah, Oregon, Idaho, Montana",
        "Wyoming, Colorado, New Mexico, Nebraska, Kansas, Oklahoma, Arkansas, Louisiana, Alabama",
        "Mississippi, Tennessee, Kentucky, Ohio, Michigan, Wisconsin, Minnesota, Iowa, Missouri",
        "Illinois, Indiana, Pennsylvania, Massachusetts, Connecticut, Vermont, New Hampshire",
        "New Jersey, Maryland, Virginia, West Virginia, North Carolina, South Carolina, Hawaii",
        "North Dakota, South Dakota, Rhode Island, Delaware, Alberta, Manitoba, Saskatchewan",
        "British Columbia, Nova Scotia, Ontario, Newfoundland, Queensland, Tasmania, Yukon",
        "Helmand, Nangarhar, Kunar, Badakhshan, Nuristan, Uruzgan, Paktia, Paktika, Zabul, Nimruz",
        "Laghman, Kapisa, Parwan, Badghis, Faryab, Jowzjan, Samangan, Takhar, Wardak, Logar",
        "Khyber Pakhtunkhwa, Punjab, Sindh, Gilgit-Baltistan, Assam, Manipur, Nagaland, Mizoram",
        "Tripura, Meghalaya, Arunachal Pradesh, Ladakh, Rajasthan, Gujarat, Bihar, Odisha",
        "Chhattisgarh, Jharkhand, Kerala, Karnataka, Telangana, Uttar Pradesh, Tamil Nadu",
        "Anbar, Nineveh, Diyala, Salahuddin, Rif Dimashq, Jazira, Rojava, Hawran, Ghouta",
        "Eastern Ghouta, Qalamoun, Bekaa Valley, Galilee, Negev, Judea, Samaria, Hejaz, Najd",
        "Hadramawt, Hadhramaut, Shabwa, Abyan, Tihama, Dhofar, Cyrenaica, Tripolitania, Fezzan",
        "Kabylia, Khuzestan, Sistan, Luristan",
        "Hormozgan, Azerbaijan Province, Dagestan, Ingushetia",
        "North Ossetia, Adygea, Tatarstan, Bashkortostan, Buryatia, Yakutia, Kamchatka, Chukotka",
        "Karelia, Zabaykalye, Sakhalin, Adjara, Samegrelo, Svaneti, Nakhchivan, Syunik, Javakheti",
        "Gagauzia, Bukovina, Zakarpattia, Transcarpathia, Galicia, Volhynia, Podolia, Bessarabia",
        "Transylvania, Vojvodina, Sandzak, Republika Srpska",
        "Herzegovina, Dalmatia, Slavonia, Istria",
        "Thrace, Anatolia, Cappadocia, Silesia, Pomerania, Masuria, Podlasie, Lapland, Finnmark",
        "Saxony, Thuringia, Brandenburg, Hesse, Lower Saxony, Tyrol, Carinthia, Styria, Lombardy",
        "Piedmont, Calabria, Sicily, Sardinia, Tuscany, Apulia, Corsica, Brittany, Normandy",
        "Alsace, Provence, Andalusia, Castile, Extremadura, Asturias, Flanders, Wallonia, Jutland",
        "Ulster, Northern Ireland, Cornwall, Kent, Yorkshire, Northumberland, Cumbria, Norfolk",
        "Borno, Yobe, Adamawa, Zamfara, Benue, Niger Delta, Ogaden, Oromia, Amhara, Benishangul",
        "Gambella, Jubaland, Galmudug, Hirshabelle, Turkana, Marsabit, Karamoja, West Nile, Ituri",
        "North Kivu, South Kivu, Katanga, Kasai, Haut-Uele, Bas-Uele, Equateur, Cabinda",
        "Cabo Delgado, Nampula, Zambezia, Niassa, Matabeleland, Mashonaland, Zululand, Transkei",
        "Casamance, Azawad, Tillaberi, Diffa Region, Equatoria, Unity State, Jonglei, Upper Nile",
        "Blue Nile, Gezira, Sennar State, Nuba Mountains, Western Sahara, Tibesti, Ennedi",
        "Rakhine, Kachin, Shan State, Kayah, Kayin, Karenni, Arakan, Mindanao, Luzon, Palawan",
        "Visayas, Sulawesi, Sumatra, Borneo, Kalimantan, Aceh, Java, Papua, West Papua, Sarawak",
        "Sabah, Isan, Patani, Inner Mongolia, Guangdong, Guangxi, Yunnan, Sichuan, Qinghai, Gansu",
        "Heilongjiang, Manchuria, Fujian, Hainan, Hokkaido, Kyushu, Chiapas, Guerrero, Sinaloa",
        "Sonora, Michoacan, Michoacán, Baja California",
        "Yucatan, Tamaulipas, Chihuahua State, Peten",
        "Antioquia, Cauca, Choco, Chocó, Catatumbo",
        "Putumayo, Guaviare, Amazonas, Rondonia, Roraima",
        "Mato Grosso, Minas Gerais, Bahia, Para State, Patagonia, Araucania, Araucanía, Chaco",
        "Tierra del Fuego, Essequibo, Zulia, Apure, Bolivar State, Darien, Darién, Mosquitia",
    )
    for name in line.split(",")
)
