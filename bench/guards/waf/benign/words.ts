// What people and programs honestly send: names, places, sentences that share words with attacks, searches, snippets.

export const NAMES =
  "Anna Müller|Seán O'Brien|Niamh O'Connor|José García|Zoë D'Angelo|Łukasz Wójcik|N'Golo Kanté|Mary-Jane O'Neill-Smith|Jean-Luc D'Arc|Nguyễn Văn An|李小龙|山田太郎|Ольга Иванова|أحمد علي|Björk Guðmundsdóttir|Drop Smith|Union Jackson|Robert Tables|Grant Order|Selecta Martinez|Li Wei|Null Jennifer|Ali Or|Andy And|Alter Johann|Like Schmidt|Dr. Where|Sleep Hollow|Kill Bill|Cat Stevens|Bash Evans|Ruby Perl|Echo Park|D'Amico & Sons|\"Big\" Al Jones|Tom (Tommy) Lee|Müller; Hans|Ann-Kathrin v. d. Heide|Mc'Donald|O’Reilly|Jr., Sammy Davis|'t Hooft, Gerard|Conan O'Brien, Esq.|Smith & Wesson|AT&T|Procter & Gamble|H&M|Johnson & Johnson|Barnes & Noble|Rock 'n' Roll Ltd.|L'Oréal|Levi's|McDonald's|Toys \"R\" Us|7-Eleven|C&A|M&M's|Ben & Jerry's|3M|P&O|Tiffany & Co.|Yahoo!|Guess?|E*TRADE".split(
    "|",
  );

export const PLACES =
  "221B Baker Street|c/o Smith, 12 Order St.|Straße des 17. Juni 135|5 rue de l'Église|Calle Mayor, 12 - 3º B|Apt #4, 10 Main St|P.O. Box 1234|Union Square, NY|Select Avenue 5|1600 Amphitheatre Pkwy (Bldg. 43)|Avda. de la Constitución s/n|Via dell'Orso, 7|北京市朝阳区建国路88号|東京都千代田区1-1|ул. Ленина, д. 5, кв. 12|House No. 5/A, Road 12|Lot 7; Block 3|Table Mountain Rd 1|Where Lane 9|GRANT Street 12|King's Road 1 -- rear entrance|Unit 4 & 5, Industrial Estate|O'Connell St, Dublin 1|10, rue d'Alésia|Piso 2, dto.|Kurfürstendamm 21 / 3. OG|1/2 High Street|24-26 Cat Street|N 52° 31' 12\" E 13° 24' 18\"|40.7128,-74.0060|Suite #100; Floor 2|Cork, Co. Cork (T12 XY00)".split(
    "|",
  );

export const SENTENCES = `Please select a plan; drop off the keys at the desk.
I'd like to order by phone or by mail, whichever is faster.
The union was a great select committee, and it voted to drop the table.
Where do I find the update set for my car?
Don't insert the card into the slot and wait; it's broken.
Delete from my list all items that I don't like.
It's 5' or 6' tall, I'm not sure.
Rock 'n' roll isn't dead -- it's just sleeping.
Fee is 0.03/min (UK) and 0.05/min (FR), that is not clear.
Turn left (2 km) and then right (500 m).
He said "stop"! and then 'go'.
Having 1 or 2 children is fine; having 3 is like a full house.
Is x = y or is x <> y? If a < b and b < c then a < c.
Let me know if you can't select the option "A" or "B" from the drop-down.
We grant all users the right to create an account and execute the script.
The cat sat on the mat & the dog sleeps (sometimes).
What's the difference between "==" and "===" in JavaScript?
How do I use SELECT with a WHERE clause in SQL?
The script tag goes in the head or at the end of the body.
My order #1234 -- still not here. What's going on?
50% off on all items || buy 2 get 1 free!
Use the command line: it's under Tools > Terminal.
I love C++, C#, and F#; PHP not so much.
A/B testing: 50/50 split & results by 5 pm.
My e-mail is john+or@var.es; call me at +1 (917) 555-0987.
Meet me @ 5:30 pm -> room 2/3 (2nd floor), OK?
Price: $5.00 - $10.00 (excl. VAT); see § 5 (2).
Can't log in: "Error 1064 (42000): You have an error in your input".
I <3 this product!!! Best. Purchase. Ever. :) ;-) :'(
1 + 1 = 2, and 2 * 2 = 4, or is it?
Java lang courses, JavaScript basics, Python import duties.
time he came; echo in the mirror, curl and divergence, exec noun
The values are 10, 20 and 30; the group by age is like this: 1-5, 6-10.
She asked: 'Where's the table?' -- 'Over there', he said.
Bitte wählen Sie einen Tarif; die Kündigung ist jederzeit möglich (s. AGB § 4).
Wie heißt's? Ich hab's vergessen -- tut mir leid!
J'ai besoin d'aide : l'option « tout sélectionner » n'est pas disponible.
C'est l'union européenne ou l'ONU ? Je n'sais pas.
¿Dónde está el baño? No sé; quizás 'allí' o "allá".
Il n'y a pas d'ordre : sélectionnez l'un ou l'autre, s'il vous plaît.
L'utente ha selezionato un'opzione; l'ordine è stato aggiornato.
Não consigo selecionar a opção 'A' ou 'B' -- ajude-me.
请从列表中选择一个选项；如果没有，请删除它。
テーブルを選択してください。更新または削除できます。
Пожалуйста, выберите вариант 'А' или "Б"; спасибо!
어디에서 업데이트를 찾을 수 있나요? (급합니다)
من فضلك اختر خطة؛ شكرا
Wybierz opcję 'A' lub "B"; dziękuję!
Kies 'n opsie; dis nie moeilik nie.
Seçenek 'A' veya "B"; teşekkürler!
Is it OK to sleep(8 hours) or benchmark (a lot)?
User(name) and group(id) are shown; update them.
The report covers 1=January, 2=February and so on.
if all else fails call grandma; else do nothing
Do or do not, there is no try. Where there's a will, there's a way.
Our system() of values: honesty; exec summary attached.
It's a must-have; select sizes (S, M, L) sold out!
5" x 7" prints and 8" x 10" frames, 3/4" or 1/2" plugs
6'2" tall, 180 lbs, size 12.5" -- or bigger
"rose gold" necklace 14" or 18"
'90s music and '80s films or '70s clothes
Q: "and"? A: 'or'!
Let $x$ be real; then \\frac{1}{2} < x & y > 0.
E = mc^2; F = m*a; a^2 + b^2 = c^2 (Pythagoras)
x > 5 AND y < 10 gives 3 results
Terms & Conditions apply. See www.example.com/terms?x=1&y=2 for more.
It was reset; restart the service -- then check the log file (error.log).
Save to C:\\Users\\Anna\\Documents\\report (final).docx, please.
Open /home/anna/notes.txt or ~/Desktop/todo.md to see it.
The path is ../images/logo.png relative to the page.
The file is at /var/www/html in the docs; I moved it.
He's at the top; the less, the more; find out who sorts the mail.
git commit -m "fix" fails; npm run build works
I accept the <a href="/terms/">terms</a> & <b>conditions</b>.
Set the date; kill the lights; cut the cake; join us!
Make sure to cc: all@example.com and bcc: me
Our ID is 78--ab12cd34, ref. no. A-12/34 (old: B--99).
Please alert (the) staff, confirm (or prompt) them.
Is {name} a placeholder? I saw Hello {{first_name}} and \${amount} in the mail.
Total is {{ order.total }} {{ order.currency }}; thanks {{ user.name | title }}!
Why is null not equal to null? True or false: not all who wander are lost.
She's like the wind; he's like "whatever"; they're like 'no way'.
I would like to request information about the address: (#)saddr.
=Can I please adjust this?
h2<h1 and a<b>c but d>e
Save 10% & more -- today only; use code 'SAVE10' or "OR10".
The union of A and B; the select few; from where I stand.
Cancel my subscription and delete my data. Thanks, O'Neil
Declare goods; execute plan; create table decorations; alter the dress.
"Drop table" reservations are possible by phone, table 5 or 6.
Where 1 person is ill, 2 or 3 follow; like last time.
Exit code was 0; return true to form
What happens between 5 and 10? In (1) or (2)?
rm is short for 'room', ls is not a word; cd = compact disc
The server said: 404 Not Found; nginx/1.18.0 (Ubuntu)
Don't; won't; can't -- the trio of no's.
Sarah's mum's friend's cat's name is 'Tiger'.
Version 2.0 (beta) || release candidate -- who cares?
@mention #hashtag $cashtag %percent ^caret &amp; *star*
No. 5; No. 6 & No. 7 = No. 18?
function f(x) = x^2 is convex; so is exp(x) and log(1/x).
Order by Friday; group by color; limit 2 per person.
Ich möchte 1 oder 2 Stück bestellen, je nach Preis (max. 5 €).`.split("\n");

export const SEARCHES =
  `select a plan; drop off|rock 'n' roll|women's shoes size 8 or 9|iphone 15 pro max 256gb|"exact phrase" -exclude|c++ vs c#|a < b|what is 2+2=?|best restaurants near me (open now)|o'reilly books|20" monitor and stand|usb-c -> hdmi|10% off|union jack flag|table lamp|insert coin|how to update node.js|order by mail catalog|where to eat|like a virgin|t-shirt 'nirvana'|dr. who and coffee|5/8" loop|1/2 inch x 3/4|3-in-1|24/7|he said "hi"|javascript alert box|sql union select tutorial|xss cheat sheet|etc passwd file meaning|bash script example|php echo|drop table sql|sleep apnea|benchmark cpu|cat food|ping pong|curl hair|wget meaning|id card|find my phone|sort by price|chmod 777 meaning|python import os|node require|regex [a-z]+|price:10..20|status:open author:me|type:pdf AND year:2020|title:"annual report" OR title:"quarterly"|#trending|@user|a&b|q&a|r&d|m&a|price > 100|(a OR b) AND c|foo AND bar OR baz|not working|cpu & gpu|mp3;mp4|50% cotton|£20 - £50|€5|naïve café|straße|東京 ホテル|ресторан рядом|مطعم|피자|win.ini file|localhost 3000|127.0.0.1|file:///|http vs https|mail server|data: url|the "and" operator|case when to use|truncate meaning|grant application|execute order 66|1984|3.14|true or false|null island|undefined behavior|NaN|<3|:)|...|what's up?|50/50|and|or|not|'|"|;|--|100%|a'b|1'2"`.split(
    "|",
  );

export const SNIPPETS = [
  "# Title\n\nSome *text* with `code` and [a link](https://example.com/a?b=c&d=e).\n\n- one\n- two\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
  "Dear team,\n\nplease find attached the report; it's final.\n\nBest regards,\nAnn O'Neil\n--\nAnn O'Neil | Head of R&D\nTel.: +49 (0)30 1234-567\nhttps://example.com\n",
  "Steps:\n1. Run `npm install`\n2. Open the page & log in\n3. Click \"Save\" or 'Cancel'\n\nExpected: it works.\nActual: it doesn't -- see error.log (line 12).\n",
  "BEGIN:VCARD\nVERSION:3.0\nFN:Seán O'Brien\nTEL;TYPE=CELL:+353-1-555-0100\nEND:VCARD",
  'id,name,amount\n1,"O\'Brien, S.",12.50\n2,Müller & Co,-3.20\n3,"He said ""hi""",0\n',
  "name: build\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n",
  '<p>Hello <b>world</b>,<br/>this is <em>fine</em>. <a href="https://example.com/x?y=1&amp;z=2">Read more</a></p><ul><li>one</li><li>two</li></ul><img src="https://cdn.example.com/a.png" alt="A">',
  "Subject: Re: order\nI'd like to return item #5 -- it's too small. What's the process?\n\nOn Monday, Bob wrote:\n> Hello; your order has shipped.\n> Track it: https://t.example/?id=5&x=y\n",
  "2024-05-01T12:00:00Z INFO [main] Started in 3.2s (pid=123); listening on :8080\n2024-05-01T12:00:01Z WARN [http] GET /a/b?c=d 404 (12ms)\n",
  "Ingredients: 1/2 cup sugar; 2 tbsp. butter & 3 eggs.\nBake at 180°C for 20-25 min (or until golden). Don't over-mix!\n",
  "Q1: What's your favorite color?\nA1: Blue, or maybe green -- I'm not sure.\nQ2: Do you like cats & dogs?\nA2: Yes!\n",
  "Les conditions générales s'appliquent ; l'utilisateur n'est pas tenu d'accepter l'offre. Voir l'article 5, alinéa (2), et l'annexe A.\n",
  "Sehr geehrte Damen und Herren,\n\nich möchte meinen Vertrag (Nr. 12-345/67) kündigen; bitte bestätigen Sie's mir.\n\nMit freundlichen Grüßen\nHans O. Müller\n",
];
